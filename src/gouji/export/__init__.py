"""What leaves: workbooks, flat files, JSON records, the run record. Import the module you need; none loads another's library."""
