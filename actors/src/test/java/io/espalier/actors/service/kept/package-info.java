/** Runs outlive the processes of their service. */
@NullMarked
package io.espalier.actors.service.kept;

import org.jspecify.annotations.NullMarked;
