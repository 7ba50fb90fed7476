/** One route of a server: what it is asked, and with what it answers. */
@NullMarked
package io.espalier.actors.http.route;

import org.jspecify.annotations.NullMarked;
