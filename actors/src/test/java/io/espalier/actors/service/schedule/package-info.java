@NullMarked
package io.espalier.actors.service.schedule;

import org.jspecify.annotations.NullMarked;
