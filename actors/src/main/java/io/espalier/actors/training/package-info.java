/**
 * The actors that train: one replica each for trainers, the committed state for the coordinator.
 */
@NullMarked
package io.espalier.actors.training;

import org.jspecify.annotations.NullMarked;
