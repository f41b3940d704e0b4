// Runs once, when the data folder is empty: one user for each service, who may read and write that service's own
// database and nothing else. Passwords come from MONGO_PASSWORD_<SERVICE>.
for (const service of ["personnel", "appraisal", "training", "feedback"]) {
  const password = process.env[`MONGO_PASSWORD_${service.toUpperCase()}`];
  if (!password) {
    throw new Error(`MONGO_PASSWORD_${service.toUpperCase()} is not set`);
  }
  db.getSiblingDB(service).createUser({
    user: service,
    pwd: password,
    roles: [{ role: "readWrite", db: service }],
  });
}
