"""What machines with one lake share beside its facts: the rate of hosts, claims on work, and the index of a bucket."""
