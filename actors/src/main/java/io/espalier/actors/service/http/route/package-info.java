/** One route of the API: what it is asked, and with what it answers. */
@NullMarked
package io.espalier.actors.service.http.route;

import org.jspecify.annotations.NullMarked;
