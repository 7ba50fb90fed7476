/** Placeholder. */
@NullMarked
package io.espalier.telemetry;

import org.jspecify.annotations.NullMarked;
