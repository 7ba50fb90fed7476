/** The read model behind dashboards: series, counts and documents per run, built from events. */
package io.espalier.telemetry.view;
