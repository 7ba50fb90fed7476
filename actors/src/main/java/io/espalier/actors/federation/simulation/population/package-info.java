/** The clients of a simulation: their examples, their limits, when they are there, their speed. */
@NullMarked
package io.espalier.actors.federation.simulation.population;

import org.jspecify.annotations.NullMarked;
