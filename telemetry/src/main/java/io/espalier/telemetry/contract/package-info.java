/** What consumers of the topics rely on, as files to give them and as a check of their broker. */
package io.espalier.telemetry.contract;
