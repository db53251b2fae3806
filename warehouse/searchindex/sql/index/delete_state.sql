delete from state
