/** The files that the live page is made of. */
@NullMarked
package io.espalier.actors.dashboard.asset;

import org.jspecify.annotations.NullMarked;
