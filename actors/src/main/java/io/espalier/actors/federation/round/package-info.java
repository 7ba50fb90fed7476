/** Whom a round waits for, and when it has waited enough; no clocks, no network. */
@NullMarked
package io.espalier.actors.federation.round;

import org.jspecify.annotations.NullMarked;
