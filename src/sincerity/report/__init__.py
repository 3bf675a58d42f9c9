"""What is shown: the table in the terminal, the charts, and the report, one HTML file that reaches nowhere."""
