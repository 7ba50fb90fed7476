/** Documents about runs, kept up to date with their events, for any number of readers. */
@NullMarked
package io.espalier.telemetry.view;

import org.jspecify.annotations.NullMarked;
