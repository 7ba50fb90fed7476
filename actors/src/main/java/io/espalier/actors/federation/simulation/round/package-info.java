/** One round in virtual time: who comes, works, goes away, and reports before it closes. */
@NullMarked
package io.espalier.actors.federation.simulation.round;

import org.jspecify.annotations.NullMarked;
