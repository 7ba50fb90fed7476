/** The page that shows what a run bought and what it cost. */
package io.espalier.telemetry.report;
