/** The read model behind dashboards and reports: series, counts and documents per run. */
package io.espalier.telemetry.view;
