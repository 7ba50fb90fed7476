/** A client's own examples under the contract of its server. */
@NullMarked
package io.espalier.trainer.federated.data;

import org.jspecify.annotations.NullMarked;
