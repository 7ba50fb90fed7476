/** Benches of what surrounds training: an idle service, telemetry and the dashboard. */
package io.espalier.bench.service;
