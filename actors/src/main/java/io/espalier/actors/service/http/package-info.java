/** The HTTP API of the training service, version 1. */
@NullMarked
package io.espalier.actors.service.http;

import org.jspecify.annotations.NullMarked;
