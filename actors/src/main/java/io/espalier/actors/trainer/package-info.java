/** The trainer: one replica of the network, one step for each message to itself. */
@NullMarked
package io.espalier.actors.trainer;

import org.jspecify.annotations.NullMarked;
