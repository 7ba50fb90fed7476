/** Which run starts when and where, and which are kept: one scheduler for all nodes. */
@NullMarked
package io.espalier.actors.service.schedule;

import org.jspecify.annotations.NullMarked;
