"""What personnel can be asked to do, by subject: employees, units, and imports from SIASN and files."""
