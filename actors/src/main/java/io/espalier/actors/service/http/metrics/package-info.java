/** What the API and its process tell Prometheus. */
@NullMarked
package io.espalier.actors.service.http.metrics;

import org.jspecify.annotations.NullMarked;
