"""Performance management for civil servants: contracts, kit and command line."""
