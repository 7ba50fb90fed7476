/** The events of a run, as immutable records with stable names, one JSON form and one text. */
package io.espalier.telemetry.event;
