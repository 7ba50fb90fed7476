/**
 * The life of one run: its events, the states that they lead to, and the entity that keeps both in
 * the journal.
 */
@NullMarked
package io.espalier.actors.service.lifecycle;

import org.jspecify.annotations.NullMarked;
