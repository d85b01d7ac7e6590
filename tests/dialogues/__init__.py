"""Short dialogues as citizens hold them, with what each turn must be understood as, in two halves.

A file is a kind; a dialogue is a list of turns "what is said -> what it means". Meanings:

    cu-tru-tach-ho             answered with this entry ("a | b": either of them will do)
    cu-tru-tach-ho.phí         answered with this field of it: phí, hạn, nơi, giấy, mạng
    a + b                      both are answered, in one go
    ?                          choices are offered;  "? khác": others than the entry before
    chọn 2                     the second of what was offered is answered
    không biết                 "I do not know", with a person at hand
    như mới                    understood as if it were the first thing said
    thẻ x, bước 2, xong, thôi, người     the guided steps: card, step, end, stop, a person is offered

"[40 phút sau]" and "[hôm sau]" before what is said move the clock.
"""
