/** The live web page over HTTP: by itself, or as a part of the service. */
@NullMarked
package io.espalier.actors.dashboard;

import org.jspecify.annotations.NullMarked;
