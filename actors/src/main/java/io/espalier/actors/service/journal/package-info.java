/** Where the service's events lie: a file of its own, or a PostgreSQL database that nodes share. */
@NullMarked
package io.espalier.actors.service.journal;

import org.jspecify.annotations.NullMarked;
