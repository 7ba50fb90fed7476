/** The JSON of the API: what it takes, what it answers, and how it refuses. */
@NullMarked
package io.espalier.actors.service.http.document;

import org.jspecify.annotations.NullMarked;
