/** What a server and its clients learn together, round by round; knows no network and no actors. */
@NullMarked
package io.espalier.trainer.federated;

import org.jspecify.annotations.NullMarked;
