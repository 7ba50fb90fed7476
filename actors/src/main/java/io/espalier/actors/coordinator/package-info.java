/** The mask coordinator: gathers states, commits, and decides what every replica keeps. */
@NullMarked
package io.espalier.actors.coordinator;

import org.jspecify.annotations.NullMarked;
