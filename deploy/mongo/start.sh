#!/bin/bash
# Starts mongod as a replica set with users. MongoDB wants a key between its members for that, even when there is
# only one; nobody else needs to know it, so it is made afresh at each start.
set -euo pipefail

key=/tmp/replica.key
rm -f "$key"
(umask 077 && head -c 384 /dev/urandom | base64 --wrap=0 > "$key")
chown mongodb:mongodb "$key"

exec docker-entrypoint.sh mongod --replSet rs0 --bind_ip_all --keyFile "$key"
