/** Bulk data between actors: Aeron carries the bytes that actor messages only name. */
@NullMarked
package io.espalier.actors.transport;

import org.jspecify.annotations.NullMarked;
