/** Trainers on other nodes than their coordinator: who hosts them, and what is checked before. */
@NullMarked
package io.espalier.actors.placement;

import org.jspecify.annotations.NullMarked;
