"""Programs that do the work of appraisal in other ways: limits to come close to, and peers to beat."""
