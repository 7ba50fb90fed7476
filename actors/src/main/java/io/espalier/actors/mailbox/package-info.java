/** How many messages wait for actors. */
@NullMarked
package io.espalier.actors.mailbox;

import org.jspecify.annotations.NullMarked;
