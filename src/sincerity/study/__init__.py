"""What is asked: worlds compared, their run folder, and the ledger of promises and costs."""
