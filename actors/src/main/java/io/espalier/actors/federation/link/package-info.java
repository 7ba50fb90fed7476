/** The client's end of a federation's wire: one connection, its stream and its transfers. */
@NullMarked
package io.espalier.actors.federation.link;

import org.jspecify.annotations.NullMarked;
