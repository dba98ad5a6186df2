"""What transformers leaves out of Qwen3.5: the layer that predicts further tokens, from the parts that checkpoints name."""
import torch
import transformers as hf
from transformers.models.qwen3_5 import modeling_qwen3_5 as qwen


class Head(torch.nn.Module):
    """The layer that predicts the token after next, from a token and what the model made of the one before it."""

    def __init__(self, config) -> None:
        super().__init__()
        full = hf.Qwen3_5TextConfig(**config.to_dict() | dict(layer_types=["full_attention"], num_hidden_layers=1))
        full._attn_implementation = "eager"
        norm = lambda: qwen.Qwen3_5RMSNorm(config.hidden_size, eps=config.rms_norm_eps)
        self.fc = torch.nn.Linear(2 * config.hidden_size, config.hidden_size, bias=False)
        self.pre_fc_norm_embedding, self.pre_fc_norm_hidden, self.norm = norm(), norm(), norm()
        self.layers = torch.nn.ModuleList([qwen.Qwen3_5DecoderLayer(full, 0)])

    def forward(self, embedded, hidden, rotation):
        x = self.fc(torch.cat([self.pre_fc_norm_embedding(embedded), self.pre_fc_norm_hidden(hidden)], -1))
        mask = torch.full((x.shape[1], x.shape[1]), float("-inf")).triu(1)[None, None]
        return self.norm(self.layers[0](x, position_embeddings=rotation, attention_mask=mask))
