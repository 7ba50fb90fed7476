/** Files of a run's directory, sent in pieces as fast as a client reads. */
@NullMarked
package io.espalier.actors.service.http.file;

import org.jspecify.annotations.NullMarked;
