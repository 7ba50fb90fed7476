/** JSON that servers take and answer, and the problems by which they refuse. */
@NullMarked
package io.espalier.actors.http.document;

import org.jspecify.annotations.NullMarked;
