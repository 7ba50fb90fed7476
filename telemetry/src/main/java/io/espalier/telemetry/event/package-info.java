/** What can happen in a run, as immutable records with stable names and one JSON form. */
package io.espalier.telemetry.event;
