@NullMarked
package io.espalier.actors.service.lifecycle;

import org.jspecify.annotations.NullMarked;
