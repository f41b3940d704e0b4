"""What appraisal can be asked to do, by subject: cards, policies, and drafts of policies tried out."""
