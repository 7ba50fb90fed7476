/** Places that commands write to, checked before anything is done. */
@NullMarked
package io.espalier.actors.cli.output;

import org.jspecify.annotations.NullMarked;
