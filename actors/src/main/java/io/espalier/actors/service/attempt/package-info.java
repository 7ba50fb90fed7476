/** One attempt at a run of the service: what it is told, and what it tells. */
@NullMarked
package io.espalier.actors.service.attempt;

import org.jspecify.annotations.NullMarked;
