"""Refusals about people, units, what is decided about them, and imports; and what every refusal is."""

from __future__ import annotations


class Refusal(Exception):
    """A rule's "no": what happened and what to do next, for the person who asked."""

    def __init__(self, message: str, *, field: str, detail: str) -> None:
        """``message`` is Indonesian, for people; ``field`` names what to correct; ``detail`` is for developers."""
        super().__init__(message)
        self.message = message
        self.field = field
        self.detail = detail


class InvalidNip(Refusal):
    """The text is not a NIP."""


class QuarantinedNip(InvalidNip):
    """Digits 13-14 are 13 to 20: no known scheme uses them, so a person must look before anybody is registered."""


class UnknownGolongan(Refusal):
    """No such golongan for this kind of employee."""


class UnknownJabatan(Refusal):
    """The kind of post is not one that the law or SIASN knows."""


class UnitRefused(Refusal):
    """The unit tree would no longer be a tree that everyone can read."""


class InvalidUnit(UnitRefused):
    """The name or the path segment of a unit is not usable."""


class UnitTooDeep(UnitRefused):
    """The path would have more levels than the published language allows."""


class UnitCycle(UnitRefused):
    """A unit cannot stand below itself."""


class UnitUnknown(UnitRefused):
    """There is no such unit among those that the caller may place people or units in."""


class UnitClosed(UnitRefused):
    """Nobody is placed in a unit that exists no more."""


class AlreadyClosed(UnitRefused):
    """A unit is closed once."""


class PlaceTaken(UnitRefused):
    """Another unit has borne this path: what it left there would be taken for the new one's."""


class UnitInUse(UnitRefused):
    """A unit is closed when nobody works in it and no open unit stands below it."""


class EmployeeRefused(Refusal):
    """The employee's state does not allow what was asked."""


class AlreadySeparated(EmployeeRefused):
    """Service has ended; nothing about it changes any more."""


class NotPromotable(EmployeeRefused):
    """PPPK have contracts, not kenaikan pangkat."""


class UnknownPromotionKind(EmployeeRefused):
    """The kind of promotion is not one of SIASN's."""


class RankNotHigher(EmployeeRefused):
    """A promotion raises the rank."""


class DateOutOfOrder(EmployeeRefused):
    """The date lies before what is already known to hold."""


class NotYetInForce(EmployeeRefused):
    """A person records a decision on the day on which it takes effect, or later."""


class BeforeAppointment(EmployeeRefused):
    """Nothing about an employee takes effect before they were appointed."""


class AlreadyThere(EmployeeRefused):
    """A transfer leads to another unit."""


class OwnSupervisor(EmployeeRefused):
    """Nobody is their own superior."""


class OwnMatter(EmployeeRefused):
    """Nobody decides about themselves."""


class InvalidProfile(EmployeeRefused):
    """What is stated about a person does not fit together."""


class SupervisorUnknown(EmployeeRefused):
    """Superiors and leaders are employees in service."""


class NotContracted(EmployeeRefused):
    """A PNS has no contract to record or renew."""


class InvalidContract(EmployeeRefused):
    """A contract ends after it begins, and within five years."""


class InvalidCredit(EmployeeRefused):
    """The angka kredit from before Kinara cannot be as it is stated."""


class InvalidPredikat(EmployeeRefused):
    """The predikat of a year before Kinara cannot be as it is stated."""


class ContractUnknown(EmployeeRefused):
    """There is nothing recorded that could be renewed."""


class ContractEnded(EmployeeRefused):
    """What has ended is not renewed."""


class MeasureRefused(Refusal):
    """The disciplinary measure cannot be recorded as asked."""


class InvalidMeasure(MeasureRefused):
    """Days on which no measure can run or be lifted."""


class MeasureKnown(MeasureRefused):
    """A decree is recorded once."""


class MeasureUnknown(MeasureRefused):
    """The employee has no such measure."""


class MeasureLifted(MeasureRefused):
    """A measure is withdrawn once."""


class TooManyMeasures(MeasureRefused):
    """More than anybody in service could have."""


class ProposalRefused(Refusal):
    """The proposal cannot be made or decided as asked."""


class ProposalOpen(ProposalRefused):
    """One proposal at a time waits for a decision about an employee."""


class ProposalDecided(ProposalRefused):
    """A proposal is decided once."""


class ProposalOutdated(ProposalRefused):
    """Rank or contract have changed since it was made."""


class RuleNotMet(ProposalRefused):
    """No decision sets a rule aside that is not met."""


class UnknownNeedsReason(ProposalRefused):
    """What is not known is answered for by the office, in words."""


class UnknownPlace(Refusal):
    """A list goes on after a place that it gave itself."""


class ImportRefused(Refusal):
    """The import cannot be taken on, or not be changed any more."""


class OutsideGovernments(ImportRefused):
    """The caller's units cover no government, or not the one named."""


class ImportEnded(ImportRefused):
    """The run is over."""


class NotConfigured(ImportRefused):
    """The connection to SIASN has no credentials."""


class OutgoingRefused(Refusal):
    """A record for BKN cannot be changed like this."""


class NotToRetry(OutgoingRefused):
    """Nothing stands in the way of the record."""


class PakIncomplete(OutgoingRefused):
    """The PAK does not belong to the record, or its day cannot be."""


class UnfitCell(OutgoingRefused):
    """The axes do not give the predikat that was decided."""


class FileRefused(Refusal):
    """The whole file cannot be read; single bad rows never lead here."""


class UnreadableFile(FileRefused):
    """Not a file of the kind its name promises, or damaged."""


class FileTooLarge(FileRefused):
    """Larger than what one import takes."""


class ColumnsMissing(FileRefused):
    """The headings lack columns without which no row can be understood."""
