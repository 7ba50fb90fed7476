@NullMarked
package io.espalier.actors.service.journal;

import org.jspecify.annotations.NullMarked;
