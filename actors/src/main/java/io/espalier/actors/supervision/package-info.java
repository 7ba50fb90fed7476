/** The actors of a run: how they are spawned, supervised and ended. */
@NullMarked
package io.espalier.actors.supervision;

import org.jspecify.annotations.NullMarked;
