/** The page that shows what a run bought and what it cost. */
@NullMarked
package io.espalier.telemetry.report;

import org.jspecify.annotations.NullMarked;
