/** Transfers between nodes: Aeron over UDP, each frame sealed under a key of its trainer's life. */
@NullMarked
package io.espalier.actors.transport.node;

import org.jspecify.annotations.NullMarked;
