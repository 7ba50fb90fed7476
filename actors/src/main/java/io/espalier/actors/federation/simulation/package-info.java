/**
 * A whole federation in one thread and in virtual time, by the rules and the code of the server.
 */
@NullMarked
package io.espalier.actors.federation.simulation;

import org.jspecify.annotations.NullMarked;
