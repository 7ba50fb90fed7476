/** The streams by which the live page hears of what changes. */
@NullMarked
package io.espalier.actors.dashboard.stream;

import org.jspecify.annotations.NullMarked;
